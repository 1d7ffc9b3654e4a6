"""Start the Chromium of this machine without access to other machines."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REBOUND_NAME = "rebound.example"
DISABLED_FEATURES = (
    # The list of Playwright, which ours replaces.
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
    *("HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter"),
    *("NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch"),
    *("TcpPortRandomizationWin", "ThirdPartyStoragePartitioning"),
    # The suggestions of an address bar that nobody sees: most of the time that a new page takes.
    *("WebUIOmniboxAimPopup", "WebUIOmniboxPopup"),
    # A process for a site that is never visited.
    "SpareRendererForSitePerProcess",
)
OPTIONS = (
    f"--disable-features={','.join(DISABLED_FEATURES)}",
    "--in-process-gpu",  # one process less
    "--no-sandbox",  # root needs it, for example in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # As on a machine without network, except for a name that leads to this machine.
    f"--host-resolver-rules=MAP {REBOUND_NAME} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class NoChromium(Exception):
    def __init__(self) -> None:
        super().__init__(
            "There is no Chromium on this machine. Run `apt-get install chromium`, or install "
            "Google Chrome."
        )


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser, or raise `NoChromium`."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise NoChromium
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        yield browser
        browser.close()
