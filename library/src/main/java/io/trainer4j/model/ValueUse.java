package io.trainer4j.model;

/** Who asks for the values of a product in a recorded pass. */
enum ValueUse {
    /** Operations whose gradients depend on them: they are kept for the backward pass. */
    FOR_GRADIENTS,
    /** Operations whose gradients do not depend on them, such as sums: they go when the block is through. */
    FORWARD_ONLY,
    /** Nobody: they are not computed. */
    NONE
}
