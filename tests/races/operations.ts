/** What an instance is asked to do in a run. */
import { erasuresQueue, roomGroup, topic } from '../../contract/names.ts';
import type * as app from './app.ts';
import type { Queued } from './services.ts';
import type { Stage } from './stage.ts';

type App = typeof app;

export interface Operation {
  what: string;
  run(app: App, stage: Stage): Promise<unknown>;
}

export const publish = (who: number, room: number, message: number): Operation => ({
  what: `publish ${message} to ${room} by ${who}`,
  async run(app, stage) {
    const [room_id, message_id] = [stage.id(`room ${room}`), stage.id(`message ${message}`)];
    const content = `message ${message}`;
    const { seq } = await app.publish(stage.person(who), { room_id, message_id, content });
    stage.acknowledged.set(message_id, { roomId: room_id, seq });
    return seq;
  },
});

/** Several that meet in one instance, and go in few transactions. */
export const publishMany = (who: number, room: number, messages: number[]): Operation => ({
  what: `publish ${messages.join(' and ')} to ${room} by ${who}`,
  run: (app, stage) => Promise.all(messages.map((message) => publish(who, room, message).run(app, stage))),
});

export const join = (who: number, room: number): Operation => ({
  what: `join ${room} by ${who}`,
  run: (app, stage) => app.join(stage.person(who), stage.id(`room ${room}`)),
});

/** The same where nobody else makes them leave: with the answer, every connection of theirs hears the room. */
export const joinAndHear = (who: number, room: number): Operation => ({
  what: `join and hear ${room} by ${who}`,
  async run(app, stage) {
    await join(who, room).run(app, stage);
    for (const { userId, groups } of stage.services.hub.connections.values()) {
      if (userId === stage.person(who).user_id && !groups.has(roomGroup(stage.id(`room ${room}`))))
        throw new Error('[ISO] Who was told that they joined does not hear the room');
    }
  },
});

export const leave = (who: number, room: number): Operation => ({
  what: `leave ${room} by ${who}`,
  run: (app, stage) => app.leave(stage.person(who).user_id, stage.id(`room ${room}`)),
});

export const create = (who: number, room: number, name: string): Operation => ({
  what: `create ${room} as ${name} by ${who}`,
  run: (app, stage) =>
    app.createRoom(stage.person(who), { id: stage.id(`room ${room}`), name, description: '' }),
});

export const rename = (who: number, room: number, name: string): Operation => ({
  what: `rename ${room} to ${name} by ${who}`,
  run: (app, stage) => app.changeRoom(stage.person(who), stage.id(`room ${room}`), { name }),
});

export const remove = (who: number, room: number): Operation => ({
  what: `delete ${room} by ${who}`,
  run: (app, stage) => app.deleteRoom(stage.person(who), stage.id(`room ${room}`)),
});

/** A connection opens: Web PubSub asks, lets it in with the groups that it was told, and says so. */
export const connect = (who: number, connection: number): Operation => ({
  what: `connect ${connection} of ${who}`,
  async run(app, stage) {
    const { user_id } = stage.person(who);
    const id = stage.id(`connection ${connection}`);
    const groups = await app.connecting(user_id, id);
    await app.clock.wait(1);
    stage.services.hub.open(id, user_id, groups);
    await app.connected(user_id, id);
  },
});

/** One round of the sweep, which takes every intent for an old one. */
export const sweep: Operation = { what: 'sweep', run: (app) => app.sweep(() => {}) };

/** Takes what is on the topic through the router. A router that dies leaves it there, for the next one. */
export const route: Operation = {
  what: 'route',
  async run(app, { services }) {
    const taken = [...services.queue(topic)];
    await app.deliver(taken.map(toArrival));
    services.complete(topic, taken);
  },
};

/** In the end, when nobody is at work: nothing may fail, and nothing may be left. */
export const sweepAll: Operation = {
  what: 'sweep all',
  async run(app) {
    const complaints: string[] = [];
    await app.sweep((line) => complaints.push(line));
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  },
};

export const routeAll: Operation = {
  what: 'route all',
  async run(app, stage) {
    while (stage.services.queue(topic).length > 0) {
      await route.run(app, stage);
      stage.services.pass(60_000);
    }
  },
};

export const eraseAll: Operation = {
  what: 'erase all',
  async run(app, stage) {
    for (let next = stage.services.queue(erasuresQueue).shift(); next;) {
      await app.eraseStep((JSON.parse(next.body.toString()) as { room_id: string }).room_id);
      next = stage.services.queue(erasuresQueue).shift();
    }
  },
};

function toArrival({ body, properties }: Queued, index: number) {
  return {
    body,
    contentType: 'application/json',
    messageId: undefined,
    position: String(index),
    properties,
  };
}
