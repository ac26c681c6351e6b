/**
 * The app's own identity, by which it calls a service that has an address and no connection string, and patience
 * with a service that does not know its roles yet: after a first deployment they take minutes to spread.
 */
import { retryPolicy, type PipelinePolicy } from '@azure/core-rest-pipeline';
import { DefaultAzureCredential } from '@azure/identity';

/** Milliseconds before each further try; together less than a caller waits. Later calls begin anew. */
const delays = [500, 1_000, 2_000];

let made: DefaultAzureCredential | undefined;

/** One for all services: tokens are kept in it. `AZURE_CLIENT_ID` says which identity, where there are several. */
export function ownIdentity(): DefaultAzureCredential {
  made ??= new DefaultAzureCredential();
  return made;
}

const unknownRole: PipelinePolicy = retryPolicy(
  [
    {
      name: 'unknownRole',
      retry: ({ response, retryCount }) =>
        response?.status === 401 || response?.status === 403
          ? { retryAfterInMs: delays[retryCount]! }
          : { skipStrategy: true },
    },
  ],
  { maxRetries: delays.length },
);

/**
 * Options of an SDK client over HTTP: 401 and 403 are tried again, which the SDK's own retries take for final.
 * Service Bus's SDK needs no such option: it tries again where a claim is refused.
 */
export const patientOverHttp = {
  additionalPolicies: [{ policy: unknownRole, position: 'perCall' as const }],
};
