/** No fault at all: many people in one room, and many rooms whose messages must not cross. */
import { pick, type Scenario } from '../scenario.ts';
import { inTurns } from '../world.ts';

export const oneRoom: Scenario = {
  name: 'no fault: one room, many members, twenty senders',
  hosts: 1,
  size: { test: 200, torture: 3_000 },
  async run({ world, size }) {
    const members = await world.people(size < 1_000 ? 40 : 1_000);
    const room = await world.room(members);
    for (let number = 0; number < size; number += 1) members[number % 20]!.send(room, `message ${number}`);
    await world.settle(room, members);
  },
};

export const manyRooms: Scenario = {
  name: 'no fault: everybody in several rooms, and nothing crosses',
  hosts: 1,
  size: { test: 200, torture: 20_000 },
  async run({ world, size, random }) {
    const people = await world.people(size < 1_000 ? 12 : 100);
    const members = Array.from({ length: 6 }, (_, room) =>
      people.filter((__, index) => index % 3 !== room % 3),
    );
    const rooms = await inTurns(members, 2, (some) => world.room(some));
    for (let number = 0; number < size; number += 1) {
      const index = Math.floor(random() * rooms.length);
      pick(members[index]!, random).send(rooms[index]!, `message ${number}`);
    }
    for (const [index, room] of rooms.entries()) await world.settle(room, members[index]!);
  },
};
