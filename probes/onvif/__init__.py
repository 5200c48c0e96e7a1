"""ONVIF: devices, SOAP, XML, and what a recorder tells of its recordings."""
