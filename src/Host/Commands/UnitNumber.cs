using System.CommandLine.Parsing;
using Kilde.Kernel;

namespace Kilde.Host.Commands;

/// <summary>The organisation number of a unit that a call names.</summary>
internal static class UnitNumber
{
    /// <summary>For an option; what is no organisation number is told as an error of the call.</summary>
    public static OrganizationNumber? Parse(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        if (OrganizationNumber.TryParse(text, out var number)) return number;
        given.AddError($"'{text}' is no organisation number.");
        return null;
    }
}
