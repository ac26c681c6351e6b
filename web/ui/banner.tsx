/** One line over the page about its own state. Amber waits; never red, because nothing is lost. */
import type { ReactNode } from 'react';
import css from './banner.module.css';

interface BannerProps {
  icon: ReactNode;
  /** What a screen reader hears, once: the visible line may count seconds. */
  spoken: string;
  children: ReactNode;
  action?: ReactNode;
  /** Shown only when it lasts: most of the time it is over before it could be read. */
  late?: boolean;
}

export function Banner({ icon, spoken, children, action, late = false }: BannerProps) {
  return (
    <section className={css['banner']} aria-label="Connection" data-late={late}>
      <output className="visually-hidden">{spoken}</output>
      {icon}
      <span aria-hidden="true">{children}</span>
      {action}
    </section>
  );
}
