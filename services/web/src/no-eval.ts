import { config } from 'zod';

// Zod tries `new Function` when the first schema is made, which the content security policy reports as an offence.
config({ jitless: true });
