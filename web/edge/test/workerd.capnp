# The worker of ../workerd.capnp, which may also reach this machine here: that is where the tests have their OSS.
using Workerd = import "/workerd/workerd.capnp";
using Shipped = import "../workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = Shipped.edge),
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "edge")],
);
