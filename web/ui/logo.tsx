/** The mark of Hubbub: somebody says something. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8.5" fill="var(--fern-fill)" />
      <path
        d="M9 8.5h14a2.5 2.5 0 0 1 2.5 2.5v7.5A2.5 2.5 0 0 1 23 21h-6.5l-5 4v-4H9a2.5 2.5 0 0 1-2.5-2.5V11A2.5 2.5 0 0 1 9 8.5z"
        fill="var(--fern-fill-ink)"
      />
      <path d="M11 13h10M11 16.5h6" stroke="var(--fern-fill)" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  );
}
