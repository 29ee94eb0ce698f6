using Kilde.Kernel;

namespace Kilde.Register.Periods;

/// <summary>A reporting unit's year of one message type: what a file of the whole year replaces.</summary>
/// <param name="Sender">The reporting unit as it names itself; local ids are unique within it.</param>
/// <param name="MessageType">Without version: next year's version speaks of the same thing.</param>
internal readonly record struct PeriodName(string Sender, string MessageType, DataYear Year);
