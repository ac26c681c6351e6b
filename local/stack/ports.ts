/** The stack's ports: those of Microsoft's own emulators, each movable by a variable. */

export interface Ports {
  blob: number;
  queue: number;
  table: number;
  amqp: number;
  serviceBusAdmin: number;
  webPubSub: number;
  functions: number;
  page: number;
  status: number;
}

export const defaultPorts: Ports = {
  blob: 10000,
  queue: 10001,
  table: 10002,
  amqp: 5672,
  serviceBusAdmin: 5300,
  webPubSub: 8080,
  functions: 7071,
  page: 4280,
  status: 4290,
};

export const portVariables: Record<keyof Ports, string> = {
  blob: 'HUBBUB_BLOB_PORT',
  queue: 'HUBBUB_QUEUE_PORT',
  table: 'HUBBUB_TABLE_PORT',
  amqp: 'HUBBUB_AMQP_PORT',
  serviceBusAdmin: 'HUBBUB_SERVICE_BUS_ADMIN_PORT',
  webPubSub: 'HUBBUB_WEB_PUBSUB_PORT',
  functions: 'HUBBUB_FUNCTIONS_PORT',
  page: 'HUBBUB_PAGE_PORT',
  status: 'HUBBUB_STATUS_PORT',
};

/** The defaults, with what the environment moves. Throws where a value is not a port. */
export function portsFrom(environment: Record<string, string | undefined>): Ports {
  const ports = { ...defaultPorts };
  for (const key of Object.keys(ports) as (keyof Ports)[]) {
    const given = environment[portVariables[key]];
    if (given === undefined || given === '') continue;
    const port = Number(given);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new Error(`${portVariables[key]} is ${given}; it must be a port from 1 to 65535.`);
    }
    ports[key] = port;
  }
  return ports;
}
