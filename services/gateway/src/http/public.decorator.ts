import { Reflector } from '@nestjs/core';

/** Marks a controller that needs no sign-in. */
export const Public = Reflector.createDecorator<true>();
