/** The frame: the state of the connection above, the rooms on the left, what the address names beside them. */
import { Outlet, useLocation, useParams } from 'react-router';
import { RoomsPane } from '../rooms/rooms-pane.tsx';
import { Account } from '../session/account.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import css from './shell.module.css';
import { useShortcutsKey } from './use-shortcuts-key.ts';
import { useTitle } from './use-title.ts';

export function Shell() {
  const { roomId } = useParams();
  const { pathname } = useLocation();
  useShortcutsKey();
  useTitle(roomId);
  return (
    <div className={css['shell']} data-pane={pathname === '/' ? 'rooms' : 'content'}>
      <div className={css['banner']}>
        <ConnectionBanner />
      </div>
      <nav className={css['rooms']} aria-label="Rooms">
        <h1 className="visually-hidden">Hubbub</h1>
        <RoomsPane currentId={roomId} />
        <Account />
      </nav>
      <main className={css['content']}>
        <Outlet />
      </main>
    </div>
  );
}
