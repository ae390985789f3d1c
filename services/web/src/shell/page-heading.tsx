import { Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

let isFirstPage = true;

/** Call before a navigation: the heading of the next page then takes the focus, so that a screen reader reads it. */
export const expectNextPage = (): void => {
  isFirstPage = false;
};

/** The only h1 of a page; also sets the title of the browser tab. */
export function PageHeading({ title, children }: { title: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Chowda`;
  }, [title]);
  useEffect(() => {
    if (!isFirstPage && document.activeElement === document.body) heading.current?.focus();
  }, []);
  return (
    <Title order={1} size="h2" ref={heading} tabIndex={-1}>
      {children ?? title}
    </Title>
  );
}
