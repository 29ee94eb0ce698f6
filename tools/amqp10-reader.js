// Takes one message from a queue with AMQP 1.0, as Norsk Helsenett's clients do: for tests of the message bus. Where to
// take it comes as JSON on standard input; writes its properties and application properties as JSON.
import { text } from 'node:stream/consumers';
import rhea from 'rhea';

const patienceMilliseconds = 15_000;
const wanted = JSON.parse(await text(process.stdin));
const server = new URL(wanted.address);

const container = rhea.create_container();
container.on('message', ({ message, connection }) => {
  const { body, ...properties } = message;
  console.log(JSON.stringify(properties));
  connection.close();
});
for (const fault of ['receiver_error', 'connection_error', 'disconnected']) {
  container.on(fault, (context) => {
    console.error(fault, context.error ?? '');
    process.exit(1);
  });
}
container.on('connection_close', () => process.exit(0));
setTimeout(() => {
  console.error('no message');
  process.exit(2);
}, patienceMilliseconds);

container
  .connect({
    host: server.hostname,
    port: Number(server.port),
    username: decodeURIComponent(server.username),
    password: decodeURIComponent(server.password),
    reconnect: false,
  })
  .open_receiver({ source: { address: `/amq/queue/${wanted.queue}` } });
