using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Rules;

/// <summary>What the rules know of the message as a whole.</summary>
internal sealed record MessageFacts
{
    /// <summary>Volven 7371: B for a whole batch, E for changes, K for continuous.</summary>
    public string? Kind { get; init; }

    public DateOnly? From { get; init; }

    public DateOnly? To { get; init; }

    public DateOnly? ExtractedOn { get; init; }

    /// <summary>Contact types (Volven 8471), one for each contact person.</summary>
    public IReadOnlyList<string> ContactTypes { get; init; } = [];

    /// <summary>The reporting units that it names.</summary>
    public IReadOnlyList<NamedUnit> Units { get; init; } = [];

    /// <summary>True where units may be made up, as persons are.</summary>
    public bool TakesSyntheticUnits { get; init; } = true;

    /// <inheritdoc cref="ReadOptions.TakesValidationUnit"/>
    public bool TakesValidationUnit { get; init; }

    /// <summary>The year the message is about; null when it does not tell a period.</summary>
    public int? Year => (To ?? From)?.Year;

    public static MessageFacts Of(MessageEnvelope? envelope, ReadOptions options)
    {
        var facts = new MessageFacts
        {
            TakesSyntheticUnits = options.Identifiers.TakesSynthetic,
            TakesValidationUnit = options.TakesValidationUnit,
        };
        return envelope is null ? facts : facts with
        {
            Kind = envelope.Kind,
            From = envelope.From,
            To = envelope.To,
            ExtractedOn = envelope.ExtractedOn,
            ContactTypes = [.. envelope.Contacts.Select(contact => contact.Type)],
            Units = envelope.Units,
        };
    }
}
