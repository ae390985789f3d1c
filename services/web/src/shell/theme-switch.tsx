import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';

/** Changes between the light and the dark theme; the browser remembers it. */
export function ThemeSwitch() {
  // Otherwise Mantine stops transitions for a moment by an inline style sheet.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const other = useComputedColorScheme('light') === 'light' ? 'dark' : 'light';
  return (
    <ActionIcon variant="default" size="lg" aria-label={`Use the ${other} theme`} onClick={() => setColorScheme(other)}>
      <svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden>
        <circle cx="12" cy="12" r="8" />
        <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" />
      </svg>
    </ActionIcon>
  );
}
