'use strict';
// Functions with every binding of Web PubSub. What they were given can be read at /api/seen.
const { app, input, output } = require('@azure/functions');

const hub = '%HUB%';
const seen = [];
const see = (message, context) =>
  seen.push({ name: context.functionName, message, metadata: context.triggerMetadata });

app.webPubSub('connect', {
  name: 'request',
  hub,
  eventType: 'system',
  eventName: 'connect',
  handler: (request, context) => {
    see(request, context);
    const wanted = request.query.as?.[0];
    if (wanted === 'nobody') return { code: 'unauthorized', errorMessage: 'Nobody comes in.' };
    if (wanted === 'trouble') throw new Error('Trouble at the door');
    return {
      userId: wanted,
      groups: ['all'],
      roles: ['webpubsub.sendToGroup'],
      states: { visits: 1, who: wanted },
    };
  },
});
app.webPubSub('connected', {
  name: 'connectionContext',
  hub,
  eventType: 'system',
  eventName: 'connected',
  handler: see,
});
app.webPubSub('disconnected', {
  name: 'reason',
  hub,
  eventType: 'system',
  eventName: 'disconnected',
  handler: see,
});
app.webPubSub('message', {
  name: 'data',
  hub,
  eventType: 'user',
  eventName: 'message',
  handler: (data, context) => {
    see(Buffer.isBuffer(data) ? { hex: data.toString('hex') } : data, context);
    const { states } = context.triggerMetadata.connectionContext;
    switch (data?.ask ?? data) {
      case 'state':
        return { data: JSON.stringify(states), dataType: 'json', states: { visits: states.visits + 1 } };
      case 'bytes':
        return { data: Buffer.from([1, 2, 255]), dataType: 'binary' };
      case 'object':
        return { data: { not: 'text' }, dataType: 'json' };
      case 'refuse':
        return { code: 2, errorMessage: 'Not like this.' };
      case 'nothing':
        return undefined;
      default:
        return { data: `You said ${JSON.stringify(data)}`, dataType: 'text' };
    }
  },
});
app.webPubSub('other', {
  name: 'anything',
  hub,
  eventType: 'user',
  eventName: 'other',
  handler: (message, context) => see(message ?? 'no input', context),
});

app.http('seen', { handler: () => ({ jsonBody: seen }) });

const address = input.webPubSubConnection({ name: 'address', hub, userId: '{query.user}-{name}' });
app.http('negotiate', {
  route: 'negotiate/{name}',
  extraInputs: [address],
  handler: (_request, context) => ({ jsonBody: context.extraInputs.get(address) }),
});

const event = input.webPubSubContext({ name: 'event' });
app.http('upstream', {
  methods: ['GET', 'POST', 'OPTIONS'],
  extraInputs: [event],
  handler: (_request, context) => {
    const { request, response, hasError, isPreflight } = context.extraInputs.get(event);
    return hasError || isPreflight ? response : { jsonBody: request };
  },
});

const actions = output.webPubSub({ name: 'actions', hub });
app.http('act', {
  extraOutputs: [actions],
  handler: async (request, context) => {
    context.extraOutputs.set(actions, await request.json());
    return { status: 202 };
  },
});
