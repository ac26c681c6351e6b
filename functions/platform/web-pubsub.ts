/** Web PubSub's REST side, the only place that knows its SDK. */
import { RestError } from '@azure/core-rest-pipeline';
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { hub } from '../../contract/names.ts';
import { ownIdentity, patientOverHttp } from './managed-identity.ts';
import { connection } from './settings.ts';

let client: WebPubSubServiceClient | undefined;

/** The client of our hub. */
export function hubClient(): WebPubSubServiceClient {
  client ??= newClient();
  return client;
}

function newClient(): WebPubSubServiceClient {
  const service = connection('webPubSub');
  const retryOptions = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 };
  return 'address' in service
    ? new WebPubSubServiceClient(service.address, ownIdentity(), hub, { retryOptions, ...patientOverHttp })
    : new WebPubSubServiceClient(service.connectionString, hub, {
        retryOptions,
        // The local service speaks plain HTTP; in Azure the endpoint is https and this changes nothing.
        allowInsecureConnection: /Endpoint=http:/i.test(service.connectionString),
      });
}

/** Whether a REST call failed because its connection or user is not there. */
export const isAbsent = (error: unknown): boolean => error instanceof RestError && error.statusCode === 404;

/** Throws where Web PubSub does not answer. */
export async function checkWebPubSub(): Promise<void> {
  await hubClient().connectionExists('health');
}
