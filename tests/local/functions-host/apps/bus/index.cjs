'use strict';
// Service Bus functions that tell the test, over HTTP, what they were given, and end as it answers.
const { app, output } = require('@azure/functions');

async function report(context, input) {
  const answer = await fetch(`${process.env.RECORDER}/${context.functionName}`, {
    method: 'POST',
    body: JSON.stringify({ input, metadata: context.triggerMetadata, invocationId: context.invocationId }),
  });
  if (!answer.ok) throw new Error(`The test answered ${answer.status}`);
}

const handler = (input, context) => report(context, input);
const connection = 'Bus';

app.serviceBusQueue('one', { connection, queueName: '%ONE_QUEUE%', handler });
app.serviceBusQueue('bytes', {
  connection,
  queueName: 'bytes',
  handler: (input, context) =>
    report(context, { isBuffer: Buffer.isBuffer(input), hex: Buffer.from(input).toString('hex') }),
  trigger: {
    type: 'serviceBusTrigger',
    name: 'bytes',
    connection,
    queueName: 'bytes',
    dataType: 'binary',
  },
});
app.serviceBusTopic('many', {
  connection,
  topicName: 'news',
  subscriptionName: 'all',
  cardinality: 'many',
  handler,
});
app.serviceBusTopic('each', { connection, topicName: 'news', subscriptionName: 'each', handler });
app.http('crash', { handler: () => process.exit(1) });

const queue = (name) => output.serviceBusQueue({ connection, queueName: 'out', name });
const several = queue('several');
const single = queue('single');
app.http('send', {
  extraOutputs: [several, single],
  handler: async (request, context) => {
    context.extraOutputs.set(several, [await request.json(), { n: 2 }, 'three']);
    context.extraOutputs.set(single, { four: 4 });
    if (request.query.has('throw')) throw new Error('on purpose');
    return { status: 202 };
  },
});
