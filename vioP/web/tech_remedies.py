"""What each reason of a tech check means, and the one remedy for it.

Most are the same on every device; where menus differ, the device decides.
"""

from vioP.domain.device import Kind
from vioP.domain.techcheck import Reason

PERMISSION = {
    "ios": "Open Settings on your device, choose Apps, then Safari, then Camera and Microphone, "
    "and choose Allow. Come back and check again.",
    "android": "Touch the sign left of the address at the top, then Permissions, and turn on "
    "Camera and Microphone. Then check again.",
    "firefox": "Click the camera sign with a line through it, left of the address, remove the "
    "block, and check again. Choose Allow when Firefox asks.",
    "safari": "Open the Safari menu, Settings for This Website, and set Camera and Microphone "
    "to Allow. Then check again.",
    "desktop": "Click the sign left of the address at the top, turn on Camera and Microphone, "
    "and check again.",
}
UPDATE = {
    Kind.IPHONE: "Open Settings, General, Software Update, and install what is offered.",
    Kind.IPAD: "Open Settings, General, Software Update, and install what is offered.",
    Kind.ANDROID: "Open the Play Store, search for your browser, and touch Update.",
    Kind.MAC: "Open System Settings, General, Software Update; for Chrome, Edge or Firefox "
    "open its About page from the menu.",
    Kind.WINDOWS: "Open your browser's menu, Help, About: it updates itself. Then start it again.",
    Kind.CHROMEBOOK: "Click the time, Settings, About ChromeOS, and Check for updates.",
    Kind.LINUX: "Update the browser with your software centre, and start it again.",
    Kind.OTHER: "Install the newest version of your browser, and start it again.",
}

_DEVICES_HINT = "If it still does not work, choose another device."
LIKE_ANYWHERE: dict[Reason, tuple[str, str]] = {
    Reason.OK: ("", ""),
    Reason.BROWSER_UNSUPPORTED: (
        "This browser cannot make video calls.",
        "Open the same link in Chrome, Edge, Firefox or Safari.",
    ),
    Reason.PAGE_INSECURE: (
        "This page was not reached safely, so the browser keeps camera and microphone off.",
        "Open the link from your message again; its address begins with https.",
    ),
    Reason.CODEC_MISSING: (
        "This browser lacks a way to pack sound or pictures that our rooms need.",
        "Open the same link in Chrome, Edge or Firefox.",
    ),
    Reason.BROWSER_OLD: ("This browser is older than what we know to work.", ""),
    Reason.PERMISSION_DENIED: (
        "The browser is told not to use the camera or microphone here.", ""
    ),
    Reason.PERMISSION_DISMISSED: (
        "The question about camera and microphone was closed without an answer.", ""
    ),
    Reason.NO_PERMISSION: ("It could not be tried without permission.", ""),
    Reason.CAMERA_MISSING: (
        "No camera was found.",
        "Plug a camera in, or use a phone or tablet. You can also join without a picture.",
    ),
    Reason.CAMERA_BUSY: (
        "Another program is using the camera.",
        "Close other video programs and other tabs with video, then check again.",
    ),
    Reason.CAMERA_FAILED: (
        "The camera gave no picture.",
        f"Restart the device and check again. {_DEVICES_HINT}",
    ),
    Reason.CAMERA_BLACK: (
        "The camera's picture is black.",
        "Open the camera's cover or shutter, and turn on a light. Then check again.",
    ),
    Reason.CAMERA_FROZEN: (
        "The camera's picture does not move.",
        "Close other video programs, and check again. A cover in front of it has the same effect.",
    ),
    Reason.CAMERA_SLOW: (
        "The camera gives few pictures a second.",
        "Turn on more light, and close programs you do not need.",
    ),
    Reason.MIC_MISSING: (
        "No microphone was found.",
        "Plug in headphones with a microphone, or use a phone or tablet.",
    ),
    Reason.MIC_BUSY: (
        "Another program is using the microphone.",
        "Close other call programs and other tabs with video, then check again.",
    ),
    Reason.MIC_FAILED: (
        "The microphone gave no sound.",
        f"Restart the device and check again. {_DEVICES_HINT}",
    ),
    Reason.MIC_SILENT: (
        "Nothing was heard from the microphone.",
        "Unmute the switch on your headset or keyboard, and speak while it is tried.",
    ),
    Reason.MIC_QUIET: (
        "Your voice was very quiet.",
        "Come closer to the microphone, and turn its level up in the system's sound settings.",
    ),
    Reason.MIC_CLIPPING: (
        "Your voice was so loud that it is distorted.",
        "Move away from the microphone, or turn its level down.",
    ),
    Reason.MIC_NOISY: (
        "It is loud around you.",
        "Close doors and windows, or use headphones with a microphone.",
    ),
    Reason.SPEAKER_WRONG: (
        "The numbers you typed are not the ones that were played.",
        "Turn the volume up, and check again. Headphones help.",
    ),
    Reason.SPEAKER_UNHEARD: (
        "You did not hear the numbers.",
        "Turn the volume up and the silent switch off, and check again. Try headphones.",
    ),
    Reason.NOT_ANSWERED: (
        "You did not type the numbers that were played.",
        "Check again, and type the three numbers you hear.",
    ),
    Reason.DOWNLOAD_SLOW: (
        "The line to you is slow: pictures of others may be blurred.",
        "Come closer to the Wi-Fi box, and stop other videos and downloads at home.",
    ),
    Reason.DOWNLOAD_TOO_SLOW: (
        "The line to you is too slow for video.",
        "Come closer to the Wi-Fi box or use a cable, then check again. Otherwise join by phone.",
    ),
    Reason.DOWNLOAD_NONE: (
        "Nothing came through when the line to you was measured.",
        "Turn Wi-Fi off and on again, then check again. Otherwise join by phone.",
    ),
    Reason.UPLOAD_SLOW: (
        "The line from you is slow: your picture may be blurred.",
        "Stop uploads and backups at home; turn your camera off if the sound breaks up.",
    ),
    Reason.UPLOAD_TOO_SLOW: (
        "The line from you is too slow for video.",
        "Come closer to the Wi-Fi box or use mobile data. Otherwise join by phone.",
    ),
    Reason.UPLOAD_NONE: (
        "Nothing went through when the line from you was measured.",
        "Turn Wi-Fi off and on again, then check again. Otherwise join by phone.",
    ),
    Reason.SOCKET_SLOW: (
        "Our answers take long to reach you.",
        "Turn off a VPN if you use one, and come closer to the Wi-Fi box.",
    ),
    Reason.SOCKET_TOO_SLOW: (
        "Our answers take too long for a talk by video.",
        "Turn off a VPN if you use one, or try mobile data. Otherwise join by phone.",
    ),
    Reason.SOCKET_BLOCKED: (
        "Something keeps the steady connection a call needs from being made.",
        "Turn off a VPN or web filter, or use another network, such as mobile data.",
    ),
    Reason.ROOM_ELSEWHERE: (
        "Appointments meet at a video service that cannot be tried from here.", ""
    ),
    Reason.ROOM_BUSY: (
        "Many people are checking just now.", "Check again in a minute."
    ),
    Reason.ROOM_DOWN: (
        "Our video rooms did not answer. This is our fault, not yours.",
        "Check again in a few minutes. If it stays so, call us.",
    ),
    Reason.ROOM_UNREACHABLE: (
        "Your network keeps sound and pictures from reaching our video rooms.",
        "Turn off a VPN or firewall, or use another network, such as mobile data.",
    ),
    Reason.ROOM_SILENT: (
        "The video room was reached, but nothing came back from it.",
        "Turn off a VPN or firewall, or use another network, such as mobile data.",
    ),
    Reason.ROOM_SLOW_TO_CONNECT: (
        "It took long to get into the video room.",
        "Join a few minutes early, and turn off a VPN if you use one.",
    ),
    Reason.ROOM_DELAY: (
        "What you say arrives late.",
        "Come closer to the Wi-Fi box, and turn off a VPN if you use one.",
    ),
    Reason.ROOM_DELAY_TOO_LONG: (
        "What you say arrives too late for a talk.",
        "Use another network, such as mobile data. Otherwise join by phone.",
    ),
    Reason.ROOM_LOSS: (
        "Bits of sound and picture get lost on the way.",
        "Come closer to the Wi-Fi box, or use a cable.",
    ),
    Reason.ROOM_LOSS_TOO_HIGH: (
        "So much gets lost on the way that words would be missing.",
        "Use a cable or another network, such as mobile data. Otherwise join by phone.",
    ),
    Reason.ROOM_JITTER: (
        "Sound arrives unevenly.",
        "Stop other videos and downloads at home.",
    ),
    Reason.ROOM_JITTER_TOO_HIGH: (
        "Sound arrives so unevenly that it breaks up.",
        "Stop other videos and downloads at home, or use a cable. Otherwise join by phone.",
    ),
    Reason.NO_RELAY: ("This clinic has no such way around.", ""),
    Reason.RELAY_UDP_BLOCKED: (
        "The fast way around a strict network is closed.",
        "If rooms do not open for you later, use another network, such as mobile data.",
    ),
    Reason.RELAY_TCP_BLOCKED: (
        "The slow way around a strict network is closed.",
        "If rooms do not open for you later, use a network at home, or mobile data.",
    ),
    Reason.CLOCK_OFF: (
        "Your device's clock is wrong, so that you could come at the wrong time.",
        "Set the date and time to automatic in your device's settings.",
    ),
    Reason.ZONE_DIFFERS: (
        "Your device is in another time zone than the one we tell you times in.",
        "Are you travelling, or have you moved? Call us, so that we tell you the right times.",
    ),
    Reason.NOT_MEASURED: ("The browser did not report on it.", "Check again."),
}  # fmt: skip
