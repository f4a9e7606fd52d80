# A configuration for workerd: npm run build, then workerd serve workerd.capnp
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "edge", worker = .edge)],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "edge")],
);

const edge :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "ossconf.wasm", wasm = embed "dist/ossconf.wasm"),
  ],
  compatibilityDate = "2026-04-01",
  # The settings are those of the process. README.md describes them.
  bindings = [
    (name = "OSS_ACCESS_KEY_ID", fromEnvironment = "OSS_ACCESS_KEY_ID"),
    (name = "OSS_ACCESS_KEY_SECRET", fromEnvironment = "OSS_ACCESS_KEY_SECRET"),
    (name = "OSS_SESSION_TOKEN", fromEnvironment = "OSS_SESSION_TOKEN"),
    (name = "OSSCONF_BUCKETS", fromEnvironment = "OSSCONF_BUCKETS"),
    (name = "OSSCONF_TOKENS", fromEnvironment = "OSSCONF_TOKENS"),
    (name = "OSSCONF_ORIGINS", fromEnvironment = "OSSCONF_ORIGINS"),
    (name = "OSSCONF_TIMEOUT", fromEnvironment = "OSSCONF_TIMEOUT"),
  ],
);
