"""RTSP sessions and the RTP that they carry."""
