"""Cameras by gst-rtsp-server, run with Debian's own Python: `python3 gst_cameras.py OPEN_PORT LOGIN_PORT`.

On the open port each picture below is a stream; on the other one `/moving` wants a digest login (admin, geheim).
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402 - versions come first

H264 = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph264pay name=pay0 pt=96"
ONE_KEY = "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10000 ! rtph264pay name=pay0 pt=96"
JPEG = "jpegenc ! rtpjpegpay name=pay0 pt=26"
SIZE = "video/x-raw,format=I420,width=640,height=360,framerate=15/1"
LARGE = "video/x-raw,format=I420,width=2560,height=1440,framerate=5/1"
ODD = "video/x-raw,format=Y42B,width=638,height=357,framerate=15/1"
PICTURES = {
    "moving": f"videotestsrc is-live=true pattern=ball animation-mode=wall-time ! {SIZE} ! {H264}",
    "street": f"videotestsrc is-live=true pattern=smpte ! {SIZE} ! {H264}",
    "still": f"videotestsrc is-live=true pattern=smpte75 ! {SIZE} ! {H264}",
    "clock": f"videotestsrc is-live=true pattern=smpte75 ! {SIZE} ! timeoverlay ! {H264}",
    "one-key": f"videotestsrc is-live=true pattern=smpte75 ! {SIZE} ! timeoverlay ! {ONE_KEY}",
    "black": f"videotestsrc is-live=true pattern=black ! {SIZE} ! {H264}",
    "white": f"videotestsrc is-live=true pattern=white ! {SIZE} ! {H264}",
    "snow": f"videotestsrc is-live=true pattern=snow ! {SIZE} ! {H264}",
    "jpeg": f"videotestsrc is-live=true pattern=ball ! {SIZE} ! {JPEG}",
    "jpeg-still": f"videotestsrc is-live=true pattern=smpte75 ! {SIZE} ! {JPEG}",
    "jpeg-black": f"videotestsrc is-live=true pattern=black ! {SIZE} ! {JPEG}",
    "jpeg-large": f"videotestsrc is-live=true pattern=smpte ! {LARGE} ! {JPEG}",
    "jpeg-odd": f"videotestsrc is-live=true pattern=smpte ! {ODD} ! {JPEG}",
    "vp8": f"videotestsrc is-live=true pattern=ball ! {SIZE} ! vp8enc deadline=1 ! rtpvp8pay name=pay0 pt=96",
    "sound": "audiotestsrc is-live=true ! mulawenc ! rtppcmupay name=pay0 pt=0",
}
HEVC = f"videotestsrc is-live=true pattern=ball ! {SIZE} ! x265enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph265pay name=pay0 pt=96"


def served(port: int, auth: GstRtspServer.RTSPAuth | None = None) -> GstRtspServer.RTSPServer:
    server = GstRtspServer.RTSPServer.new()
    server.set_address("127.0.0.1")
    server.set_service(str(port))
    pictures = PICTURES | ({"hevc": HEVC} if Gst.ElementFactory.find("x265enc") else {})
    for name, launch in pictures.items():
        factory = GstRtspServer.RTSPMediaFactory.new()
        factory.set_launch(f"( {launch} )")
        factory.set_shared(False)  # a shared one that is just being torn down answers 503
        if auth is not None:
            role = Gst.Structure.new_empty("viewer")
            for right in ("media.factory.access", "media.factory.construct"):
                role.set_value(right, True)
            factory.add_role_from_structure(role)
        server.get_mount_points().add_factory(f"/{name}", factory)
    if auth is not None:
        server.set_auth(auth)
    server.attach(None)
    return server


def main() -> None:
    Gst.init(None)
    auth = GstRtspServer.RTSPAuth.new()
    auth.set_supported_methods(2)  # GST_RTSP_AUTH_DIGEST
    token = GstRtspServer.RTSPToken.new()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest("admin", "geheim", token)
    kept = [served(int(sys.argv[1])), served(int(sys.argv[2]), auth)]
    GLib.MainLoop().run()
    del kept


main()
