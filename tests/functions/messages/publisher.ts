/**
 * An instance of the app that publishes and does nothing else, as a process that a test can kill:
 * node publisher.ts <JSON of PublisherTask>. Prints a line of JSON for each answer, as it comes.
 */
import type { Principal } from '../../../functions/identity/principal.ts';
import { publish } from '../../../functions/messages/publish.ts';
import { ProblemError } from '../../../functions/platform/problem.ts';

export interface PublisherTask {
  principal: Principal;
  room_id: string;
  messages: { message_id: string; content: string }[];
  /** Stays when it has its answers, until it is killed. */
  lingers?: boolean;
}

export interface PublisherAnswer {
  message_id: string;
  /** Its number, or the code of its refusal. */
  seq?: number;
  code?: string;
}

const { principal, room_id, messages, lingers } = JSON.parse(process.argv[2] ?? '') as PublisherTask;
await Promise.all(
  messages.map(async ({ message_id, content }) => {
    const answer: PublisherAnswer = { message_id };
    try {
      answer.seq = (await publish(principal, { room_id, message_id, content })).seq;
    } catch (error) {
      answer.code = error instanceof ProblemError ? error.code : String(error);
    }
    console.log(JSON.stringify(answer));
  }),
);
if (!lingers) process.exit(0);
setInterval(() => {}, 60_000);
