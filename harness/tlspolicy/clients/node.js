// One handshake with what the first argument says in JSON; writes version and suite, or an error, as JSON.
'use strict';
const tls = require('tls');
const o = JSON.parse(process.argv[1]);
const fs = require('fs');
const say = answer => { fs.writeSync(1, JSON.stringify(answer)); process.exit(); };
const fail = e => say({ error: `${e.code}: ${e.message}` });

const options = { host: o.host, port: o.port, servername: o.servername };
if (o.minVersion) options.minVersion = o.minVersion;
if (o.maxVersion) options.maxVersion = o.maxVersion;
if (o.old) {
  // Node.js turns off a generation of which it is given no suite.
  const own = require('crypto').constants.defaultCoreCipherList.split(':');
  const suites = o.suites || own.filter(name => !name.startsWith('TLS_'));
  const tls13 = o.tls13 || own.filter(name => name.startsWith('TLS_'));
  options.ciphers = [...tls13, ...suites, o.level].join(':');
}
try {
  options.ca = fs.readFileSync(o.cafile);
  const socket = tls.connect(options, () => {
    const answer = { version: socket.getProtocol(), suite: socket.getCipher().name };
    socket.end(() => say(answer)); // not before the last message of the handshake is on its way
  });
  socket.on('error', fail);
  socket.on('close', () => fail({ code: 'closed', message: 'the server closed the connection' }));
} catch (e) {
  fail(e);
}
