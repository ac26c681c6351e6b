/**
 * Questions over the open connection and their answers, told apart by `request_id`. A question without an answer is
 * asked again, also over the next connection: each of them has the same effect twice as once.
 */
import { v7 as newId } from 'uuid';
import type { ClientEventName, Refusal, RoomJoined, RoomLeft, RoomsList } from '../../contract/events.ts';
import { isPassing, Unreachable } from './http.ts';
import type { Environment } from './environment.ts';
import { ProblemFailure } from './model.ts';
import { pause } from './socket.ts';

interface Answers {
  join: RoomJoined;
  leave: RoomLeft;
  list_rooms: RoomsList;
}
export type Answer = Answers[ClientEventName];

interface Questions {
  join: { room_id: string };
  leave: { room_id: string };
  list_rooms: { limit: number };
}

interface Open {
  ask: () => void;
  answer: (answer: Answer) => void;
  refuse: (failure: Error) => void;
}

export interface RequestsOptions {
  environment: Pick<Environment, 'after' | 'random'>;
  send: (event: ClientEventName, data: object) => Promise<void>;
}

/** Without an answer for this long, it is asked again. */
const patience = 8_000;
/** And after this long, also without a connection, the person is told. */
const deadline = 30_000;

export class Requests {
  readonly #options: RequestsOptions;
  readonly #open = new Map<string, Open>();

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** Rejects with a `ProblemFailure`, or `Unreachable` where no answer came in time. */
  ask<Name extends ClientEventName>(name: Name, question: Questions[Name]): Promise<Answers[Name]> {
    const { environment, send } = this.#options;
    const request_id = newId();
    return new Promise((resolve, reject) => {
      let failures = 0;
      let cancelRepeat: () => void = () => undefined;
      const ask = (): void => {
        cancelRepeat();
        cancelRepeat = environment.after(patience, ask);
        // Without a connection `resume` asks once there is one.
        send(name, { ...question, request_id }).catch(() => undefined);
      };
      const finish = (): void => {
        cancelRepeat();
        cancelDeadline();
        this.#open.delete(request_id);
      };
      const refuse = (failure: Error): void => {
        cancelRepeat();
        if (isPassing(failure) && failure instanceof ProblemFailure) {
          cancelRepeat = environment.after(failure.retryAfter ?? pause(failures, environment.random()), ask);
          failures += 1;
          return;
        }
        finish();
        reject(failure);
      };
      const cancelDeadline = environment.after(deadline, () => refuse(new GivenUp('No answer came')));
      const answer = (given: Answer): void => {
        finish();
        resolve(given as Answers[Name]);
      };
      this.#open.set(request_id, { ask, answer, refuse });
      ask();
    });
  }

  /** To be called with each connection: asks again what has no answer yet. */
  resume(): void {
    for (const { ask } of this.#open.values()) ask();
  }

  /** Rejects everything: nobody is signed in any more. */
  drop(): void {
    for (const { refuse } of this.#open.values()) refuse(new GivenUp('Signed out'));
  }

  answered(answer: Answer | Refusal): void {
    const open = this.#open.get(answer.request_id ?? '');
    if (open === undefined) return;
    if (answer.type === 'error') open.refuse(new ProblemFailure(answer.problem));
    else open.answer(answer);
  }
}

class GivenUp extends Unreachable {}
