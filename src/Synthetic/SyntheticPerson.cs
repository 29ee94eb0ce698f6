using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>A person who does not exist: the number is synthetic (month + 80).</summary>
public sealed record SyntheticPerson(PersonIdentifier Identifier, DateOnly BornOn, bool IsFemale);
