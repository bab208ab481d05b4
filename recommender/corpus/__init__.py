"""What training and judging draw from: the law of generated purchases, the fixed pool, and the goods of the world."""
