// A mail server for tests, on a free port of 127.0.0.1. Tells its port in the first line, then each mail as one line of
// JSON. Ends when its standard input closes. usage: node mail-server.mjs   (in a folder whose node_modules holds smtp-server)
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'package.json'));
const { SMTPServer } = require('smtp-server');
const delays = new Map();

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onRcptTo(address, session, callback) {
    const [name] = address.address.split('@');
    if (name.startsWith('avvist')) return callback(reply(550, 'no such user'));
    const [, times] = /^senere-(\d+)$/.exec(name) ?? [];
    const before = delays.get(address.address) ?? 0;
    delays.set(address.address, before + 1);
    if (times !== undefined && before < Number(times)) return callback(reply(451, 'come again'));
    return callback();
  },
  onData(stream, session, callback) {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => {
      console.log(JSON.stringify({
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((to) => to.address),
        raw: Buffer.concat(parts).toString('utf8'),
      }));
      callback();
    });
  },
});

function reply(code, text) {
  return Object.assign(new Error(text), { responseCode: code });
}

server.on('error', (error) => console.error(error.message));
server.listen(0, '127.0.0.1', () => console.log(server.server.address().port));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
