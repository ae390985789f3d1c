import { config } from 'zod';

// Zod calls `new Function` when it creates the first schema, which the content security policy reports as a violation.
config({ jitless: true });
