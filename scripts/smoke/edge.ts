/** Steps that need nobody signed in: the preflight, health, and the webhook's two guards. */
import { health } from '../../contract/operations.ts';
import { hub, webhookRoute } from '../../contract/names.ts';
import { unexpected, type Api } from './requests.ts';
import { StepFailure, type Done } from './step.ts';

/** A browser asks before it posts from the page's origin: that origin is let in, and another is not. */
export async function preflight(api: Api, page: string): Promise<Done<void>> {
  const allowed = await allowedOrigin(api, page);
  const look = 'the CORS setting of the function app (siteConfig.cors): exactly the origin of the page.';
  if (allowed !== page) {
    throw new StepFailure({
      expected: `access-control-allow-origin: ${page}`,
      found: allowed ?? 'none',
      look,
    });
  }
  const stranger = 'https://stranger.example';
  const toStranger = await allowedOrigin(api, stranger);
  if (toStranger === stranger || toStranger === '*') {
    throw new StepFailure({ expected: `no leave for ${stranger}`, found: toStranger, look });
  }
  return [`${page} may call the API, another origin may not`, undefined];
}

async function allowedOrigin(api: Api, origin: string): Promise<string | undefined> {
  const answer = await api.ask('/publish', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
    look: 'whether the function app runs.',
  });
  await answer.body?.cancel();
  return answer.headers.get('access-control-allow-origin') ?? undefined;
}

export async function healthy(api: Api): Promise<Done<void>> {
  await api.expectJson('/health', {
    status: 200,
    schema: health,
    look: 'the part that is named "failed": its role assignments, its settings; docs/operations.md tells more.',
  });
  return ['every part answers', undefined];
}

/** Web PubSub's abuse protection: the webhook says that it wants events. */
export async function handshake(api: Api): Promise<Done<void>> {
  const origin = 'smoke.webpubsub.azure.com';
  const look = 'the function `webpubsub-events`: without this answer Web PubSub delivers no event.';
  const answer = await api.expectStatus(`/${webhookRoute}`, {
    method: 'OPTIONS',
    headers: { 'webhook-request-origin': origin },
    status: 200,
    look,
  });
  const allowed = answer.headers.get('webhook-allowed-origin');
  if (allowed !== null && allowed.split(',').some((each) => ['*', origin].includes(each.trim()))) {
    return ['the handshake of Web PubSub is answered', undefined];
  }
  throw new StepFailure({
    expected: `webhook-allowed-origin: * (or ${origin})`,
    found: allowed ?? 'none',
    look,
  });
}

/** An event without our code must be refused, or anybody could speak for Web PubSub. */
export async function guarded(api: Api): Promise<Done<void>> {
  const answer = await api.ask(`/${webhookRoute}`, {
    method: 'POST',
    headers: {
      'ce-specversion': '1.0',
      'ce-type': 'azure.webpubsub.sys.connected',
      'ce-source': `/hubs/${hub}/client/smoke`,
      'ce-id': '1',
      'ce-hub': hub,
      'ce-eventname': 'connected',
      'ce-connectionid': 'smoke',
      'ce-userid': 'smoke',
    },
    body: {},
    look: 'the function `webpubsub-events`.',
  });
  if (answer.status !== 403) {
    const look = 'the setting WEBHOOK_CODE, and that nothing in front of the app adds the code to requests.';
    throw await unexpected(answer, '403 for an event without the code', look);
  }
  await answer.body?.cancel();
  return ['an event without the code is refused', undefined];
}
