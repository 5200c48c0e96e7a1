"""What any conversation with a host needs: names, connections, datagrams, logins, certificates."""
