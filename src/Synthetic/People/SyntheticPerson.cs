using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>How the health service knows a person.</summary>
public enum PersonStanding
{
    /// <summary>Has a fødselsnummer.</summary>
    Resident = 1,

    /// <summary>Has a D-number only.</summary>
    DNumberOnly,

    /// <summary>Has a D-number first and gets a fødselsnummer on <see cref="SyntheticPerson.SettledOn"/>.</summary>
    BecomesResident,

    /// <summary>Has no national number: only the unit's own patient number.</summary>
    LocalOnly,
}

/// <summary>A person who does not exist: the number is synthetic (month + 80).</summary>
/// <param name="LocalId">The unit's own patient number.</param>
/// <param name="NationalNumber">Not set when the person never has one.</param>
/// <param name="DNumber">Not set when the person never has one.</param>
/// <param name="SettledOn">The day a D-number is followed by a fødselsnummer.</param>
public sealed record SyntheticPerson(
    long Index,
    string LocalId,
    DateOnly BornOn,
    bool IsFemale,
    PersonStanding Standing,
    PersonIdentifier NationalNumber,
    PersonIdentifier DNumber,
    DateOnly? SettledOn)
{
    /// <summary>The number the person has at last. Not set when <see cref="PersonStanding.LocalOnly"/>.</summary>
    public PersonIdentifier Identifier => NationalNumber == default ? DNumber : NationalNumber;

    /// <summary>The numbers the unit knows on a day; after a change it sends both, which ties them together.</summary>
    public (PersonIdentifier NationalNumber, PersonIdentifier DNumber) KnownOn(DateOnly day) =>
        Standing == PersonStanding.BecomesResident && day < SettledOn ? (default, DNumber) : (NationalNumber, DNumber);
}
