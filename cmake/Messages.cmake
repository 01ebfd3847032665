# Turns proto/*.proto into constexpr tables (room raft).
