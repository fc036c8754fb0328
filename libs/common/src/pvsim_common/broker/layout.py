"""How AMQP 0-9-1 lays out its frames."""

import struct

BEGIN = struct.Struct(">BHL")  # type and channel of a frame, size of its content
BEGIN_OF_HEADER = struct.Struct(">BHLHHQ")  # the same, then class, weight and size of the body
BEFORE_PROPERTIES = 12  # bytes of a header frame's content: class, weight and size of the body
OVERHEAD = 8  # bytes of a frame around its content
END = b"\xce"
