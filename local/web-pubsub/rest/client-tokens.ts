/**
 * Making tokens for clients, for servers that hold no access key but a Microsoft Entra token. Who holds the key
 * signs for himself, and is refused here as in Azure.
 */
import { badRequest, invalidGroup, notServed, unauthorized } from '../errors.ts';
import { isGroupName } from '../names.ts';
import type { RestAnswer, RestRequest } from './request.ts';

export function generateToken(request: RestRequest): RestAnswer {
  const { caller, query, tokens, origin, hub } = request;
  if (caller !== 'entra') throw unauthorized('With an access key, sign the token yourself.');
  refuseClientType(query.get('clientType') ?? 'Default');
  const minutes = query.get('minutesToExpire') ?? '60';
  if (!/^[1-9]\d{0,8}$/.test(minutes)) {
    throw badRequest('minutesToExpire must be a whole number above 0.', 'minutesToExpire');
  }
  const groups = query.getAll('group');
  const bad = groups.find((group) => !isGroupName(group));
  if (bad !== undefined) throw invalidGroup(bad);
  const userId = query.get('userId');
  const token = tokens.issueClient(`${origin}/client/hubs/${hub.name}`, Number(minutes), {
    ...(userId && { sub: userId }),
    role: query.getAll('role'),
    'webpubsub.group': groups,
  });
  return { status: 200, body: { token } };
}

function refuseClientType(type: string): void {
  if (/^(mqtt|socketio)$/i.test(type)) throw notServed(`A token for clients of ${type}`);
  if (!/^default$/i.test(type)) throw badRequest(`Unknown type of clients '${type}'.`, 'clientType');
}
