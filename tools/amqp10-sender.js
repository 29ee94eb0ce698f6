// Sends one message with AMQP 1.0, as Norsk Helsenett's clients do: for tests of the message bus. The message comes as
// JSON on standard input; ends with 0 when the server has accepted it.
import { text } from 'node:stream/consumers';
import rhea from 'rhea';

const message = JSON.parse(await text(process.stdin));
const server = new URL(message.address);
const id = crypto.randomUUID();

const container = rhea.create_container();
container.on('sendable', ({ sender }) => sender.send({
  message_id: id,
  to: message.queue,
  subject: message.subject,
  reply_to: message.replyTo,
  correlation_id: id,
  content_type: message.contentType,
  durable: true,
  application_properties: {
    fromHerId: message.from,
    toHerId: message.to,
    applicationTimeStamp: new Date().toISOString(),
  },
  body: rhea.message.data_section(Buffer.from(message.body, 'base64')),
}));
container.on('accepted', ({ connection }) => connection.close());
for (const fault of ['rejected', 'released', 'sender_error', 'connection_error', 'disconnected']) {
  container.on(fault, (context) => {
    console.error(fault, context.error ?? '');
    process.exit(1);
  });
}
container.on('connection_close', () => process.exit(0));

container
  .connect({
    host: server.hostname,
    port: Number(server.port),
    username: decodeURIComponent(server.username),
    password: decodeURIComponent(server.password),
    reconnect: false,
  })
  .open_sender({ target: { address: `/amq/queue/${message.queue}` } });
