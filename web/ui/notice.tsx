/** A screen or a corner of it that has nothing to list: what happened, what it means, and the next step. */
import type { ReactNode } from 'react';
import css from './notice.module.css';

interface NoticeProps {
  title: string;
  children?: ReactNode;
  icon?: ReactNode;
  action?: ReactNode;
  /** `page` fills a pane and carries its heading; `corner` stands inside a list. */
  size?: 'page' | 'corner';
  /** Announced when it appears, because it replaces what somebody was reading. */
  urgent?: boolean;
}

export function Notice({ title, children, icon, action, size = 'page', urgent = false }: NoticeProps) {
  return (
    <div className={css['notice']} data-size={size} role={urgent ? 'alert' : undefined}>
      {icon !== undefined && <span className={css['icon']}>{icon}</span>}
      {size === 'page' ? <h1 className={css['title']}>{title}</h1> : <p className={css['title']}>{title}</p>}
      {children !== undefined && <div className={css['text']}>{children}</div>}
      {action !== undefined && <div className={css['action']}>{action}</div>}
    </div>
  );
}
