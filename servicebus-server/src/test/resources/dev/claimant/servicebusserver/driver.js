// Microsoft's SDK for JavaScript, driven by lines of JSON: a request on the standard input, its reply on the standard output.
'use strict';
const { ServiceBusClient } = require(process.argv[2] + '/node_modules/@azure/service-bus');
const Long = require(process.argv[2] + '/node_modules/long');
require('dns').setDefaultResultOrder('ipv4first'); // or Node tries both families, and gives each a quarter of a second
require('net').setDefaultAutoSelectFamily(false);

const things = new Map(); // clients, receivers and messages by the numbers that the requests have for them
let last = 0;
const remember = (thing) => { things.set(++last, thing); return last; };

const DEAD = '/$deadletterqueue', SUBSCRIPTIONS = '/subscriptions/';
function receiver(client, entity, receiveMode) {
  const dead = entity.endsWith(DEAD);
  const path = dead ? entity.slice(0, -DEAD.length) : entity;
  const options = { receiveMode, maxAutoLockRenewalDurationInMs: 0, skipParsingBodyAsJson: true };
  if (dead) options.subQueueType = 'deadLetter';
  const topic = path.indexOf(SUBSCRIPTIONS);
  return topic < 0
    ? client.createReceiver(path, options)
    : client.createReceiver(path.slice(0, topic), path.slice(topic + SUBSCRIPTIONS.length), options);
}

const outgoing = ({ body, properties, ...fields }) =>
  ({ body: Buffer.from(body, 'base64'), applicationProperties: properties, ...fields });

const millis = (date) => date instanceof Date ? date.getTime() : undefined;
const incoming = (message) => ({
  handle: remember(message),
  body: Buffer.from(message.body ?? '').toString('base64'),
  messageId: message.messageId, sessionId: message.sessionId, correlationId: message.correlationId, subject: message.subject,
  contentType: message.contentType, replyTo: message.replyTo, to: message.to, properties: message.applicationProperties ?? {},
  sequence: message.sequenceNumber?.toNumber(), deliveryCount: message.deliveryCount, lockToken: message.lockToken,
  state: message.state?.toUpperCase(), enqueuedAt: millis(message.enqueuedTimeUtc), lockedUntil: millis(message.lockedUntilUtc),
  deadLetterReason: message.deadLetterReason, deadLetterDescription: message.deadLetterErrorDescription,
});

/** The methods that the script has for clients and receivers, which are the first argument. */
const methods = {
  connect: (nothing, connectionString) => remember(new ServiceBusClient(connectionString,
    { retryOptions: { timeoutInMs: 10000, maxRetries: 1, retryDelayInMs: 50 } })),
  send: (client, entity, message) => client.createSender(entity).sendMessages(outgoing(message)),
  async sendBatch(client, entity, messages) {
    const sender = client.createSender(entity);
    const batch = await sender.createMessageBatch();
    for (const message of messages) if (!batch.tryAddMessage(outgoing(message))) throw new Error('they do not fit a batch');
    await sender.sendMessages(batch);
  },
  schedule: async (client, entity, message, at) =>
    (await client.createSender(entity).scheduleMessages(outgoing(message), new Date(at)))[0].toNumber(),
  cancel: (client, entity, sequence) => client.createSender(entity).cancelScheduledMessages(Long.fromNumber(sequence)),
  peek: async (client, entity, from, most) =>
    (await receiver(client, entity, 'peekLock').peekMessages(most, { fromSequenceNumber: Long.fromNumber(from) })).map(incoming),
  receiver: (client, entity) => remember(receiver(client, entity, 'peekLock')),
  deleting: (client, entity) => remember(receiver(client, entity, 'receiveAndDelete')),
  async session(client, entity, id) {
    const options = { maxAutoLockRenewalDurationInMs: 0, skipParsingBodyAsJson: true };
    return remember(id === null ? await client.acceptNextSession(entity, options) : await client.acceptSession(entity, id, options));
  },
  async receive(receiver, count, patience) {
    const messages = [], until = Date.now() + patience;
    while (messages.length < count && Date.now() < until) {
      messages.push(...await receiver.receiveMessages(count - messages.length, { maxWaitTimeInMs: until - Date.now() }));
    }
    return messages.map(incoming);
  },
  complete: (receiver, message) => receiver.completeMessage(things.get(message)),
  abandon: (receiver, message, properties) => receiver.abandonMessage(things.get(message), properties),
  defer: (receiver, message) => receiver.deferMessage(things.get(message)),
  deadLetter: (receiver, message, deadLetterReason, deadLetterErrorDescription, properties) =>
    receiver.deadLetterMessage(things.get(message), { ...properties, deadLetterReason, deadLetterErrorDescription }),
  renew: async (receiver, message) => { await receiver.renewMessageLock(things.get(message)); },
  deferred: async (receiver, sequence) => (await receiver.receiveDeferredMessages(Long.fromNumber(sequence))).map(incoming)[0],
  sessionId: (receiver) => receiver.sessionId,
  renewSession: async (receiver) => { await receiver.renewSessionLock(); },
  setState: (receiver, state) => receiver.setSessionState(Buffer.from(state, 'base64')),
  async state(receiver) {
    const state = await receiver.getSessionState();
    return state === undefined || state === null ? null : Buffer.from(state).toString('base64');
  },
  close: (thing) => thing.close(),
};

async function reply({ id, method, on, args }) {
  try {
    return { id, result: await methods[method](things.get(on), ...args) ?? null };
  } catch (failure) {
    const error = failure.errors?.[0] ?? failure; // of several attempts, the first
    return { id, error: String(error.message), code: error.code ?? error.name };
  }
}

require('readline').createInterface({ input: process.stdin })
  .on('line', async (line) => process.stdout.write(JSON.stringify(await reply(JSON.parse(line))) + '\n'))
  .on('close', () => process.exit(0));
process.on('unhandledRejection', (error) => process.stderr.write(`not handled: ${error.stack}\n`));
