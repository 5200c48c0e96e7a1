"""Many datagrams received with one call to the kernel (recvmmsg(2)), into memory that is laid out once.

Python's socket module lacks that call, and makes five objects of each packet. The layout is that of 64-bit Linux.
"""

from __future__ import annotations

import ctypes
import os
import struct

_LIBC = ctypes.CDLL(None, use_errno=True)
_RECEIVE = _LIBC.recvmmsg
_RECEIVE.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p)

_HEADER = struct.Struct("@PI0PPNPNi0PI0P")
"""`struct mmsghdr`: where the name is, how long; the parts, how many; the control data; flags; bytes received."""
_PART = struct.Struct("@PN")
"""`struct iovec`."""
_LENGTH, _LENGTH_AT = struct.Struct("@I"), _HEADER.size - 8


class MessageBlock:
    """Room for some datagrams. `records`: of each its name (a socket address), its control data, its own bytes.

    Of these as many bytes as are said here, one after another without a gap; what is longer is cut off.
    """

    def __init__(self, count: int, *, name: int, control: int, data: int) -> None:
        self.count = count
        parts_at = count * _HEADER.size
        records_at = parts_at + count * _PART.size
        stride = name + control + data
        memory = bytearray(records_at + count * stride)
        self._pinned = (ctypes.c_char * len(memory)).from_buffer(memory)
        self._address = ctypes.addressof(self._pinned)
        for index in range(count):
            part_at, record_at = parts_at + index * _PART.size, records_at + index * stride
            record = self._address + record_at
            _PART.pack_into(memory, part_at, record + name + control, data)
            header = (record, name, self._address + part_at, 1, record + name, control, 0, 0)
            _HEADER.pack_into(memory, index * _HEADER.size, *header)
        self._blank = bytes(memory)
        self._memory = memoryview(memory)
        self.records = self._memory[records_at:]
        self._stride, self._data_at = stride, name + control

    def receive(self, fileno: int) -> int:
        """Fill the block with what waits; how many came. What did not come is zero. OSError: nothing."""
        self._memory[:] = self._blank
        received: int = _RECEIVE(fileno, self._address, self.count, 0, None)
        if received < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return received

    def datagram(self, index: int) -> bytes:
        """The bytes of one that was received."""
        (size,) = _LENGTH.unpack_from(self._memory, index * _HEADER.size + _LENGTH_AT)
        begin = index * self._stride + self._data_at
        return bytes(self.records[begin : begin + size])
