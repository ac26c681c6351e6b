/** The way on from a room that is not there: back to the list. */
import { DoorOpen } from 'lucide-react';
import { Link } from 'react-router';
import css from './room-screen.module.css';

export function ToRooms() {
  return (
    <Link to="/" className={css['to-rooms']}>
      <DoorOpen size={18} />
      See all rooms
    </Link>
  );
}
