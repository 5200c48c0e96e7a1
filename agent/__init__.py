"""The agent: schedules, stamps, stores, alerts, shows. It holds no rule that a party could dispute."""
