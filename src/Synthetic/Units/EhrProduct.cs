namespace Kilde.Synthetic;

/// <summary>A made-up EHR system (EPJ) and the company that makes it.</summary>
/// <param name="Vendor">The company, as header <c>x-vendor-name</c>.</param>
/// <param name="VendorNumber">The company's organisation number, as the token's <c>orgnr_supplier</c>.</param>
/// <param name="Name">The system, as header <c>x-software-name</c>.</param>
/// <param name="Versions">The versions in use, oldest first.</param>
public sealed record EhrProduct(
    string Vendor, Kernel.OrganizationNumber VendorNumber, string Name, IReadOnlyList<EhrVersion> Versions);

/// <summary>A version of an EHR system and of the module in it that makes the messages.</summary>
/// <param name="Software">Header <c>x-software-version</c>.</param>
/// <param name="Export">Header <c>x-export-software-version</c>.</param>
/// <param name="ReleasedOn">No unit has it before this day.</param>
public sealed record EhrVersion(string Software, string Export, DateOnly ReleasedOn);
