"""The parts of automlgen that touch data: entry supervisor, evaluator, task profiler, practice builders."""
