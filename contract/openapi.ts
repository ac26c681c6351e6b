/**
 * The OpenAPI document of the REST API, put together from the schemas: every call, its parameters, its answers and
 * the problems that it refuses with. `npm run openapi` writes it to `docs/openapi.json`; a test checks for drift.
 */
import * as z from 'zod/mini';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { calls, type Call } from './calls.ts';
import { session } from './identity.ts';
import { message } from './messages.ts';
import { webhookRoute } from './names.ts';
import { problem, problems, type ProblemCode } from './problems.ts';
import { member, myRoom, room } from './rooms.ts';

const requestId = {
  'x-request-id': { description: 'Id of this request, as in our log.', schema: { type: 'string' as const } },
};

/** Every call can be refused for these. */
function problemsOf(call: Call, path: string): ProblemCode[] {
  const always: ProblemCode[] = call.id === 'readHealth' ? ['internal'] : ['internal', 'unavailable'];
  const token: ProblemCode[] = call.open ? [] : ['unauthenticated'];
  const input: ProblemCode[] = call.body || call.query || path.includes('{') ? ['invalid'] : [];
  return [...new Set([...input, ...token, ...call.refuses, ...always])];
}

function responsesOf(call: Call, path: string): ZodOpenApiResponsesObject {
  const [status, description, schema] = call.answer;
  const responses: ZodOpenApiResponsesObject = {
    [`${status}`]: {
      description,
      headers: { ...requestId, ...describeHeaders(call.headers ?? {}) },
      ...(schema && { content: contentOf(call, schema) }),
    },
    ...(call.otherwise && {
      [`${call.otherwise[0]}`]: {
        description: call.otherwise[1],
        headers: requestId,
        content: { 'application/json': { schema: call.otherwise[2] } },
      },
    }),
  };
  const byStatus = Map.groupBy(problemsOf(call, path), (code) => problems[code].status);
  for (const [refusal, codes] of byStatus) {
    responses[`${refusal}`] = {
      description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' '),
      headers: {
        ...requestId,
        ...([429, 503].includes(refusal) && describeHeaders({ 'retry-after': 'Seconds to wait.' })),
      },
      content: { 'application/problem+json': { schema: problem } },
    };
  }
  return responses;
}

const contentOf = (call: Call, schema: z.ZodMiniType) => ({
  'application/json': { schema },
  ...(call.id === 'readMetrics' && { 'text/plain': { schema: z.string() } }),
});

const describeHeaders = (headers: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' as const } },
    ]),
  );

/** What the names in braces stand for. */
const parameters: Record<string, z.ZodMiniType> = {
  id: z.uuid(),
  user: z.string(),
  seq: z.int().check(z.positive()),
  report: z.string(),
  invitation: z.uuid(),
  token: z.string(),
};

const parametersOf = (path: string): z.ZodMiniObject =>
  z.object(
    Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, parameters[name]!])),
  );

function toOperation(call: Call, path: string): ZodOpenApiOperationObject {
  const { id, tag, summary, description, open, body, query } = call;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    ...(open && { security: [] }),
    ...((query || path.includes('{')) && {
      requestParams: {
        ...(path.includes('{') && { path: parametersOf(path) }),
        ...(query && { query }),
      },
    }),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: responsesOf(call, path),
  };
}

/** Schemas that stand once in the document, and are referred to. */
const named = {
  Room: room,
  Member: member,
  MyRoom: myRoom,
  Message: message,
  Problem: problem,
  Session: session,
};
for (const [id, schema] of Object.entries(named)) z.globalRegistry.add(schema, { id });

/** New fields may appear anywhere, and no number of ours has a limit that JSON does not have itself. */
function loosen({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void {
  if (jsonSchema['additionalProperties'] === false) delete jsonSchema['additionalProperties'];
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
  // The format says it, and the patterns are unreadable.
  if (jsonSchema['format']) delete jsonSchema['pattern'];
}

/** The document, as plain data. */
export function openapi() {
  return createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Hubbub',
        version: '1',
        summary: 'Chat in rooms that its users create',
        description: `What a client may rely on is in protocol.md. Web PubSub's own calls (\`/${webhookRoute}\`) are not listed.`,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/api' }],
      security: [{ token: [] }],
      tags: ['identity', 'rooms', 'messages', 'moderation', 'realtime', 'operations'].map((name) => ({
        name,
      })),
      paths: Object.fromEntries(
        Object.entries(calls).map(([path, methods]) => [
          path,
          Object.fromEntries(
            Object.entries(methods).map(([method, call]) => [method, toOperation(call, path)]),
          ),
        ]),
      ),
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'From `POST /session`.',
          },
        },
      },
    },
    { override: loosen },
  );
}
