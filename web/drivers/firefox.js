// The driver for Firefox, without a window.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { firefox } from "./src/find.js";
import { home, keep, newFolder } from "./src/guest.js";
import { host } from "./src/host.js";

/** Nothing but the page: no first run, no updates, no services in the background. */
const preferences = {
  "app.normandy.enabled": false,
  "app.update.auto": false,
  "browser.aboutwelcome.enabled": false,
  "browser.safebrowsing.update.enabled": false,
  "browser.search.update": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "datareporting.healthreport.uploadEnabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.push.connection.enabled": false,
  "extensions.blocklist.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.telemetry.enabled": false,
  "trailhead.firstrun.didSeeAboutWelcome": true,
};

await host({
  runtime: "firefox",
  program: firefox(),
  async start({ program, url }) {
    const folder = await newFolder();
    const profile = join(folder, "profile");
    await mkdir(profile);
    const lines = Object.entries(preferences).map(
      ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`,
    );
    await writeFile(join(profile, "user.js"), lines.join(""));
    return keep([program, "--headless", "--no-remote", "--profile", profile, url], { folder, env: home(folder) });
  },
});
