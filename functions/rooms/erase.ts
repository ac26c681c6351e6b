/** Erases deleted rooms, a step for each message of the queue `erasures`. */
import { app } from '@azure/functions';
import * as z from 'zod/mini';
import { connections, erasuresQueue } from '../../contract/names.ts';
import { check } from '../platform/http.ts';
import { eraseStep } from './deletion.ts';

const step = z.object({ room_id: z.uuid() });

app.serviceBusQueue('erase', {
  connection: connections.serviceBus,
  queueName: erasuresQueue,
  handler: (message) => eraseStep(check(step, message).room_id),
});
