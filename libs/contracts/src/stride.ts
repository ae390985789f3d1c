/** Growth of a batch's pass per admitted run at weight 1. */
export const FULL_STRIDE = 1000;

/**
 * Stride scheduling: the batch with the lowest pass is served next, and each admitted run adds one stride to its pass.
 * Therefore a batch of twice the weight gets twice the runs.
 */
export const stride = (weight: number): number => FULL_STRIDE / weight;
