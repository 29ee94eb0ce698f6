namespace Kilde.Synthetic;

/// <summary>
/// All of what a referral leads to at one institution (henvisningsperiode): the wait, and the episodes in time order.
/// What has not happened yet on a day is left out when the file of that day is written.
/// </summary>
internal sealed class ReferralPeriod
{
    public required string Id { get; init; }

    public required TrustInstitution Institution { get; init; }

    public required TrustDepartment Department { get; init; }

    public required DateOnly ReceivedOn { get; init; }

    /// <summary>List 8404: who referred.</summary>
    public int FromService { get; init; } = 28;

    /// <summary>The institution that referred; the wait then counts from when the first one received.</summary>
    public TrustInstitution? From { get; init; }

    public DateOnly? FirstReceivedOn { get; init; }

    public bool IsNewCondition { get; init; }

    /// <summary>List 8485: what the assessment ended in.</summary>
    public int Outcome { get; init; } = 2;

    public DateOnly AssessedOn { get; init; }

    /// <summary>List 8444.</summary>
    public int Right { get; init; } = 3;

    public DateOnly DeadlineOn { get; init; }

    public DateOnly? WaitEndedOn { get; set; }

    /// <summary>List 8445.</summary>
    public int WaitEndCode { get; set; } = 1;

    /// <summary>List 8406: level of care that is asked for.</summary>
    public int Level { get; init; } = 3;

    /// <summary>List 8442: always told in mental health, also when voluntary.</summary>
    public int? Formality { get; init; }

    /// <summary>A package pathway: told in the pathway module too.</summary>
    public string? Pathway { get; init; }

    public DateOnly? ClosedOn { get; set; }

    public List<Postponement> Postponements { get; } = [];

    public List<Episode> Episodes { get; } = [];

    /// <summary>Who dies waiting waits no longer (list 8445: 9, other).</summary>
    public void EndWaitByDeath(DateOnly diedOn) => (WaitEndedOn, WaitEndCode) = (diedOn, 9);
}

/// <param name="Code">List 8446.</param>
/// <param name="OfOn">The day that was to be.</param>
internal readonly record struct Postponement(int Code, DateOnly On, DateOnly OfOn);
