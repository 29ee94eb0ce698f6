using Kilde.Kernel;

namespace Kilde.Register.Periods;

/// <summary>A reporting unit's year of one message type: what a file of the whole year replaces.</summary>
/// <param name="Sender">The reporting unit as it names itself; local ids are unique within it.</param>
/// <param name="Share">
/// The share of the unit that the file is about, as an urban district is of a municipality; empty for none. Files of
/// different shares of one unit stand beside each other, and so does a file that names none.
/// </param>
/// <param name="MessageType">Without version: next year's version speaks of the same thing.</param>
internal readonly record struct PeriodName(string Sender, string Share, string MessageType, DataYear Year);
