'use strict';
// The app that the HTTP suite calls. CommonJS; it runs on any host, `func start` included.
const { app } = require('@azure/functions');

const anonymous = { authLevel: 'anonymous' };

app.http('echo', {
  ...anonymous,
  methods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
  route: 'echo/{*rest}',
  handler: async (request, context) => ({
    jsonBody: {
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      query: Object.fromEntries(request.query),
      params: request.params,
      hasBody: request.body !== null,
      body: await request.text(),
      invocationId: context.invocationId,
      functionName: context.functionName,
      triggerMetadata: context.triggerMetadata ?? null,
      traceParent: context.traceContext?.traceParent,
    },
  }),
});

app.http('mirror', {
  ...anonymous,
  methods: ['POST'],
  handler: async (request) => ({
    body: new Uint8Array(await request.arrayBuffer()),
    headers: { 'content-type': 'application/octet-stream' },
  }),
});

app.http('length', {
  ...anonymous,
  methods: ['POST'],
  handler: async (request) => ({ body: String((await request.arrayBuffer()).byteLength) }),
});

const route = (name, path, methods = ['GET']) =>
  app.http(name, {
    ...anonymous,
    methods,
    route: path,
    handler: (request) => ({ jsonBody: { name, params: request.params } }),
  });
route('roomById', 'rooms/{id}');
route('roomByNumber', 'rooms/{id:int}');
route('newRoom', 'rooms/new');
route('roomMessages', 'rooms/{id}/messages/{seq:int?}');
route('changeRoom', 'rooms/{id}', ['PATCH', 'DELETE']);
route('page', 'pages/{name}.{extension}');
route('language', 'in/{language=en}');

app.http('answer', {
  ...anonymous,
  handler: () => ({
    status: 418,
    headers: { 'x-kettle': 'on', 'content-type': 'text/plain' },
    body: 'short and stout',
    cookies: [
      { name: 'plain', value: 'a b' },
      {
        name: 'full',
        value: '1',
        path: '/api',
        secure: true,
        httpOnly: true,
        sameSite: 'Strict',
        maxAge: 60,
      },
    ],
  }),
});

app.http('nothing', { ...anonymous, handler: () => undefined });
app.http('throws', {
  ...anonymous,
  handler: () => {
    throw new Error('This is on purpose');
  },
});
app.http('wrong', { ...anonymous, handler: () => 'just a string' });
app.http('logs', {
  ...anonymous,
  handler: (_request, context) => {
    context.log('a line of information');
    context.debug('a line of detail');
    context.error('a line of error');
    console.log('a line on the console');
    return { body: context.invocationId };
  },
});
app.http('environment', {
  ...anonymous,
  handler: (request) => ({ body: process.env[request.query.get('name')] }),
});
app.http('secured', { methods: ['GET'], authLevel: 'function', handler: () => ({ body: 'in' }) });
app.http('guarded', { methods: ['GET'], authLevel: 'admin', handler: () => ({ body: 'in' }) });
