import { Text } from '@mantine/core';
import { PageHeading } from './page-heading.js';
import { PageLink } from './page-link.js';

/** For an address that no page has. */
export function NotFoundPage() {
  return (
    <>
      <PageHeading title="No such page" />
      <Text>
        This address leads nowhere. Go to the <PageLink to="/">list of batches</PageLink>.
      </Text>
    </>
  );
}
