/** What an address leads to: the page, whose `config.json` says where the API is, or the API itself. */
import * as z from 'zod/mini';
import { Api, ask, parse } from './requests.ts';
import { StepFailure, type Done } from './step.ts';

export interface Deployment {
  /** Without a slash at its end; ends in `/api` unless a gateway puts it elsewhere. */
  api: string;
  /** The page's origin; absent where only the API is known. */
  page?: string;
}

const config = z.object({ api: z.url() });

/** Asks the address for `config.json`, then for the API's health, with a gateway's key. Throws `StepFailure`. */
export async function findDeployment(address: string, key?: string): Promise<Done<Deployment>> {
  const base = address.replace(/\/+$/, '');
  const look = 'the address: it is the output WEB_URL or API_URL of the deployment (azd env get-values).';
  const answer = await ask(`${base}/config.json`, { look });
  const found = config.safeParse(parse(await answer.text()));
  if (answer.ok && found.success) {
    const deployment = { page: new URL(base).origin, api: found.data.api.replace(/\/+$/, '') };
    return [`page ${deployment.page}, API ${deployment.api}`, deployment];
  }
  // A health that says 503 is an API, too: the step for health tells of it.
  for (const api of [base, `${base}/api`]) {
    const health = await new Api(api, key).ask('/health', { look });
    const said = z.object({ status: z.string() }).safeParse(parse(await health.text()));
    if (said.success && [200, 503].includes(health.status)) return [`API ${api}, no page`, { api }];
  }
  throw new StepFailure({
    expected: 'a page with /config.json that names its "api", or an API with /health',
    found: `${answer.status} from ${base}/config.json, and no health at ${base} or ${base}/api`,
    look,
    settles: true,
  });
}
