import { z } from 'zod';

/** An on/off parameter of a query, `true` or `false` in any case; default: false. */
export const queryFlag = (description: string) =>
  z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .prefault('false')
    .meta({ description, enum: ['true', 'false'] });
