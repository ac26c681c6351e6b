'use strict';
// An app that streams: request and answer bodies pass through as they come.
const { app } = require('@azure/functions');

app.setup({ enableHttpStream: true });

app.http('upper', {
  methods: ['POST'],
  route: 'upper/{name}',
  handler: (request) => ({
    headers: { 'x-name': request.params.name, 'x-query': request.query.get('q') ?? '' },
    body: request.body.pipeThrough(
      new TransformStream({
        transform: (chunk, controller) =>
          controller.enqueue(Buffer.from(Buffer.from(chunk).toString().toUpperCase())),
      }),
    ),
  }),
});
app.http('throws', {
  handler: () => {
    throw new Error('on purpose');
  },
});
app.http('nothing', { handler: () => undefined });
